// Lets tools that read TypeScript alone know what a component file gives.
declare module "*.vue" {
  import type { DefineComponent } from "vue";

  const component: DefineComponent;
  export default component;
}
