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

/** `JAVA` → `Java`; one that is not known stays as it is. */
export const languageName = (language: string): string => LANGUAGES[language] ?? language;

/** `JAVA`, `V5_5_0` → `Java 5.5.0`. */
export const clientName = ({ language, version }: { language: string; version: string }): string =>
  `${languageName(language)} ${version.replace(/^V(?=\d)/, '').replaceAll('_', '.')}`;
