import { defineTexts } from '../../lib/texts';

export const texts = defineTexts('signin', {
  product: '路标', title: '登录', name: '用户名', password: '密码', passwordHint: '忘记密码请联系系统管理员重置。', signIn: '登录', nameNeeded: '请输入用户名。', passwordNeeded: '请输入密码。', language: 'English',
  before: '当前密码', newPassword: '新密码', newPasswordHint: '至少 10 个字符，例如几个不相关的词；不要用常见密码或您的用户名。', again: '再次输入新密码', notAlike: '两次输入的新密码不一致。', changePassword: '更改密码', mustChange: '当前密码由他人设置或已过期，请先换成只有您知道的密码。',
}, {
  product: 'Waypost', title: 'Sign in', name: 'User name', password: 'Password', passwordHint: 'Forgotten? A system administrator gives you a new one.', signIn: 'Sign in', nameNeeded: 'Type your user name.', passwordNeeded: 'Type the password.', language: '中文',
  before: 'Present password', newPassword: 'New password', newPasswordHint: 'At least 10 characters, such as a few unrelated words; no common password and not your name.', again: 'New password again', notAlike: 'The two new passwords differ.', changePassword: 'Change password', mustChange: 'Somebody else chose this password, or it is too old: change it to one that only you know.',
});
