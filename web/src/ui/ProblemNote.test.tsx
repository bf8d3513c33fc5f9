// @vitest-environment jsdom
import '../test/setup';
import { render, screen } from '@testing-library/react';
import { Problem } from '../api/client';
import { setLanguage } from '../lib/texts';
import { ProblemNote } from './ProblemNote';

test.each([['zh', '需要“导出客群”权限。', 'No right'], ['en', 'It takes the right “Export segments”.', '没有权限']] as const)('who lacks a right is told which, in %s alone', (language, words, other) => {
  setLanguage(language);
  render(<ProblemNote error={new Problem(403, 'forbidden', { zh: '没有权限', en: 'No right' }, 'r1', { where: 'segments.export' })} />);
  expect(screen.getByText(words)).toBeTruthy();
  expect(screen.queryByText(other)).toBeNull();
});
