export const Logo = () => (
  <svg
    viewBox="0 0 20 20"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.8"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    <path d="M3 4.5h8a4.6 4.6 0 0 1 0 9.2H5.5" />
    <path d="m8.6 10.6-3.1 3.1 3.1 3.1" />
    <path d="M16.6 3v14.2" strokeWidth="1.3" />
  </svg>
);
