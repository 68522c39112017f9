'use client';
import dynamic from 'next/dynamic';

/** Next loads it with every page: only a wrong address needs what it shows. */
export const NotFoundView = dynamic(() => import('./not-found-view').then((m) => m.NotFoundView));
