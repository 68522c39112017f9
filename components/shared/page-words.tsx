'use client';
import type { ReactNode } from 'react';
import { useLocale, type Words, WordsProvider } from '@/lib/i18n/words';

/** The words of a page, beside those of the frame around it. */
export const PageWords = ({ words, children }: { words: Words; children: ReactNode }) => (
  <WordsProvider locale={useLocale()} words={words}>
    {children}
  </WordsProvider>
);
