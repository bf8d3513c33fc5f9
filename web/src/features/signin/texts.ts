import { defineTexts } from '../../lib/texts';

export const texts = defineTexts('signin', {
  product: '路标', title: '登录', token: '访问令牌', tokenHint: '令牌是数据目录中 api_token 文件里的一行，由管理员保管。', signIn: '登录', needed: '请粘贴访问令牌。', language: 'English',
}, {
  product: 'Waypost', title: 'Sign in', token: 'Access token', tokenHint: 'It is one line in the file api_token of the data folder; your administrator keeps it.', signIn: 'Sign in', needed: 'Paste the access token.', language: '中文',
});
