// Declares the type of a component file, for tools that only read TypeScript.
declare module "*.vue" {
  import type { DefineComponent } from "vue";

  const component: DefineComponent;
  export default component;
}
