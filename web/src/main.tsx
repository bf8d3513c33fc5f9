import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './app/app.css';
import { App } from './app/App';
import { giveStylesTheNonce } from './lib/nonce';

giveStylesTheNonce();
document.documentElement.lang = (localStorage.getItem('waypost.language') ?? navigator.language).startsWith('zh') ? 'zh-CN' : 'en';
createRoot(document.getElementById('root')!).render(<StrictMode><App /></StrictMode>);
