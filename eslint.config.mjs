import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

const TESTS = ['**/*.test.ts', '**/*.test.tsx', 'e2e/**', 'bench/**', '**/testing/**']

export default tseslint.config(
  { ignores: ['out/**', 'node_modules/**', 'test-results/**', 'playwright-report/**', 'dist/**', '**/*.d.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 500 }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['renderer/**'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  {
    // The doors where a name meets its types: TypeScript cannot follow a table lookup by a generic key.
    files: ['host/dispatch.ts', 'renderer/client/wire.ts', 'host/cli/remote-link.ts'],
    rules: { '@typescript-eslint/consistent-type-assertions': 'off' },
  },
  {
    // `@types/node` lets a server see these names of the page; none of them is there in a host that is used as a library.
    files: ['host/**', 'agent-runtime/**'],
    rules: { 'no-restricted-globals': ['error', 'localStorage', 'sessionStorage', 'navigator', 'WebSocket', 'EventSource'] },
  },
  {
    // What runs in the page runs in Chromium 108 (Electron 22); the compiler knows newer ones, the page would be blank.
    files: ['renderer/**', 'core/**'],
    ignores: TESTS,
    rules: {
      'no-restricted-syntax': [
        'error',
        ...['toSorted', 'toReversed', 'toSpliced', 'groupBy', 'withResolvers', 'fromAsync', 'canParse', 'isSubsetOf'].map(
          (name) => ({
            selector: `CallExpression[callee.property.name='${name}']`,
            message: `${name} is not in Chromium 108, in which the page runs too.`,
          }),
        ),
      ],
    },
  },
  {
    files: ['*.config.ts', '*.config.mjs', 'vite.*.ts', 'examples/**/*.ts'],
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: TESTS,
    rules: {
      '@typescript-eslint/consistent-type-assertions': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
)
