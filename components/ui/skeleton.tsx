export const Skeleton = ({ width = 96 }: { width?: 40 | 64 | 96 | 140 | 180 }) => (
  <span className={`sk sk-${width}`} aria-hidden="true" />
);
