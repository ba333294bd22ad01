// Who is signed in, and signing in and out.
import { defineStore } from "pinia";
import { ref } from "vue";
import { answered, node, Problem, useCsrf, whenSignedOut } from "./api/client";
import type { Me } from "./api/answers";
import * as passkey from "./passkey";
import { type Refusal, refusalOf } from "./problems";

export const useAccess = defineStore("access", () => {
  const me = ref<Me>();
  const asked = ref(false);
  const trouble = ref<Refusal>();
  whenSignedOut(() => (me.value = undefined));

  /** Whether the browser still has a session, asked once when the page opens. */
  async function remember(): Promise<void> {
    try {
      me.value = await answered(node.GET("/api/v1/access/me"));
      useCsrf(me.value.csrf);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "not-signed-in") trouble.value = refusalOf(error);
    } finally {
      asked.value = true;
    }
  }

  async function signIn(): Promise<void> {
    me.value = await passkey.signIn();
  }

  async function enrol(code: string): Promise<void> {
    me.value = await passkey.enrol(code);
  }

  async function signOut(): Promise<void> {
    await answered(node.POST("/api/v1/access/sign-out"));
    me.value = undefined;
  }

  return { me, asked, trouble, remember, signIn, enrol, signOut };
});
