import { defineTexts } from '../../lib/texts';

export const texts = defineTexts('signin', {
  product: '路标', title: '登录', name: '用户名', password: '密码', passwordHint: '忘记密码请联系系统管理员重置。', signIn: '登录', or: '或', provider: '用统一身份平台登录', nameNeeded: '请输入用户名。', passwordNeeded: '请输入密码。', language: 'English',
  code: '动态验证码', codeHint: '手机验证器上的 6 位数字；手机丢失时可用一个恢复码。', codeNeeded: '请输入动态验证码。', factor: '双因素验证', factorHint: '在手机验证器（如微信小程序“腾讯身份验证器”、Google Authenticator）中添加下面的密钥，再输入它显示的 6 位数字。', factorSet: '双因素验证已启用', recoveryHint: '恢复码只显示这一次，每个可用一次。请保存在手机以外的地方。', confirm: '启用', factorOn: '登录时需要验证码。移除后所有会话立即结束。', removeFactor: '移除', kept: '已妥善保存', secret: '密钥',
  before: '当前密码', newPassword: '新密码', newPasswordHint: '至少 10 个字符，例如几个不相关的词；不要用常见密码或您的用户名。', again: '再次输入新密码', notAlike: '两次输入的新密码不一致。', changePassword: '更改密码', mustChange: '当前密码由他人设置或已过期，请先换成只有您知道的密码。',
}, {
  product: 'Waypost', title: 'Sign in', name: 'User name', password: 'Password', passwordHint: 'Forgotten? A system administrator gives you a new one.', signIn: 'Sign in', or: 'or', provider: 'Sign in with your organisation’s account', nameNeeded: 'Type your user name.', passwordNeeded: 'Type the password.', language: '中文',
  code: 'Code', codeHint: 'The six digits your app shows; if the phone is lost, a recovery code.', codeNeeded: 'Type the code.', factor: 'Second factor', factorHint: 'Add this secret to an authenticator app on your phone, then type the six digits it shows.', factorSet: 'The second factor counts', recoveryHint: 'The recovery codes are shown this once; each counts once. Keep them somewhere else than on the phone.', confirm: 'Confirm', factorOn: 'Signing in asks for a code. Removing it ends all sessions.', removeFactor: 'Remove', kept: 'I have kept them', secret: 'Secret',
  before: 'Present password', newPassword: 'New password', newPasswordHint: 'At least 10 characters, such as a few unrelated words; no common password and not your name.', again: 'New password again', notAlike: 'The two new passwords differ.', changePassword: 'Change password', mustChange: 'Somebody else chose this password, or it is too old: change it to one that only you know.',
});
