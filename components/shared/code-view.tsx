'use client';
import dynamic from 'next/dynamic';
import { Skeleton } from '@/components/ui/skeleton';

export type CodeViewProps = {
  /** The bytes; wins over `text`. */
  base64?: string | null | undefined;
  text?: string | null | undefined;
  /** Size of the whole when only its beginning is here. */
  totalBytes?: number | undefined;
  onLoadAll?: (() => void) | undefined;
  title?: string;
};

/** JSON with folds, Raw, Hex. Loaded when first shown. */
export const CodeView = dynamic<CodeViewProps>(() => import('./code-viewer').then(({ CodeViewer }) => CodeViewer), {
  ssr: false,
  loading: () => (
    <div className="code">
      <Skeleton width={180} />
    </div>
  ),
});
