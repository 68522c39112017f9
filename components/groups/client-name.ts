/** `LanguageCode.java` as people write it. */
const LANGUAGES: Readonly<Record<string, string>> = {
  JAVA: 'Java',
  CPP: 'C++',
  DOTNET: '.NET',
  PYTHON: 'Python',
  DELPHI: 'Delphi',
  ERLANG: 'Erlang',
  RUBY: 'Ruby',
  GO: 'Go',
  PHP: 'PHP',
  RUST: 'Rust',
  NODE_JS: 'Node.js',
};

/** `JAVA`, `V5_5_0` → `Java 5.5.0`. */
export const clientName = ({ language, version }: { language: string; version: string }): string =>
  `${LANGUAGES[language] ?? language} ${version.replace(/^V(?=\d)/, '').replaceAll('_', '.')}`;
