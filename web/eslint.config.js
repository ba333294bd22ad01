// How the web code is checked: strict TypeScript, Vue's recommended rules, and what Chromium 90 does not know
// (its library is held back by lib ES2021 in tsconfig.json). Layout is prettier's; what it cannot break is held here.
import vue from "eslint-plugin-vue";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript-eslint";

const here = dirname(fileURLToPath(import.meta.url));

export default ts.config(
  { ignores: ["**/dist/**", "**/shared/api/types.ts"] },
  ...ts.configs.strictTypeChecked,
  ...vue.configs["flat/recommended"],
  {
    files: ["**/*.ts", "**/*.vue"],
    languageOptions: {
      parserOptions: { parser: ts.parser, project: `${here}/tsconfig.json`, extraFileExtensions: [".vue"] },
    },
    rules: {
      "max-len": ["error", { code: 140 }],
      "max-lines": ["error", { max: 400 }],
      "max-lines-per-function": ["error", { max: 60 }],
      "no-restricted-globals": [
        "error",
        { name: "structuredClone", message: "Chromium 90 does not have it" },
        { name: "fetch", message: "The node is asked through shared/api/client.ts" },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "vue/max-attributes-per-line": "off",
      "vue/multiline-html-element-content-newline": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/html-self-closing": "off",
      "vue/html-closing-bracket-newline": "off",
      "vue/html-indent": "off",
      "vue/first-attribute-linebreak": "off",
      "vue/multi-word-component-names": "off",
      "vue/require-default-prop": "off",
    },
  },
  { files: ["**/shared/api/client.ts"], rules: { "no-restricted-globals": "off" } },
  { files: ["**/tests/**"], rules: { "max-lines-per-function": "off" } },
  { files: ["**/*.js"], ...ts.configs.disableTypeChecked },
);
