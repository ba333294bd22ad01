// The room: where an expert checks in, reads the bids, scores, locks, and signs.
import "../shared/chromium90";
import "element-plus/theme-chalk/base.css";
import "element-plus/theme-chalk/el-button.css";
import "element-plus/theme-chalk/el-dialog.css";
import "element-plus/theme-chalk/el-overlay.css";
import "element-plus/theme-chalk/el-input.css";
import "../shared/tokens.css";
import "../shared/page.css";
import { createPinia } from "pinia";
import { createApp } from "vue";
import { createRouter, createWebHashHistory } from "vue-router";
import { makeI18n } from "../shared/i18n";
import { useBaseSize } from "../shared/page/settings";
import App from "./App.vue";
import LobbyPage from "./LobbyPage.vue";
import en from "./messages.en";
import zh from "./messages.zh";
import RoomPage from "./RoomPage.vue";

const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: "/", name: "lobby", component: LobbyPage },
    { path: "/:session", name: "room", component: RoomPage, props: true },
    { path: "/:rest(.*)*", redirect: "/" },
  ],
});

useBaseSize(16);
createApp(App).use(createPinia()).use(makeI18n({ zh, en })).use(router).mount("#app");
