import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import ts from 'typescript-eslint';

// What the files of a folder may not import. The layers: app -> features -> rules -> ui, api, lib.
const closed = (folder, ...forbidden) => ({
  files: [folder],
  rules: { 'no-restricted-imports': ['error', { patterns: forbidden.map((regex) => ({ regex, message: 'See the layers in docs/console.md' })) }] },
});

export default ts.config(
  { ignores: ['node_modules', 'src/api/schema.ts'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  {
    files: ['src/**'],
    languageOptions: { globals: globals.browser },
    plugins: { 'react-hooks': hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  { files: ['*.mjs', '*.js'], languageOptions: { globals: globals.node } },
  closed('src/lib/*', '/(api|ui|rules|features|app)/'),
  closed('src/api/*', '/(ui|rules|features|app)/'),
  closed('src/ui/*', '/(rules|features|app)/', '/api/queries'),
  closed('src/rules/**', '/(features|app)/'),
  closed('src/features/*/*', '/app/', String.raw`^\.\./(?!\.\.)`), // ../ is another feature
  closed('src/features/*/core/*', '/app/', '/ui/', '^react', String.raw`^\.\./\.\./(?!\.\.)`),
);
