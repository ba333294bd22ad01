// The console: where a centre's staff register, invite, name experts and run the session.
import "../shared/chromium90";
import "element-plus/theme-chalk/base.css";
import "element-plus/theme-chalk/el-button.css";
import "element-plus/theme-chalk/el-dialog.css";
import "element-plus/theme-chalk/el-overlay.css";
import "element-plus/theme-chalk/el-input.css";
import "element-plus/theme-chalk/el-pagination.css";
import "element-plus/theme-chalk/el-select.css";
import "../shared/tokens.css";
import "../shared/page.css";
import "./console.css";
import { createPinia } from "pinia";
import { createApp } from "vue";
import { createRouter, createWebHashHistory } from "vue-router";
import { makeI18n } from "../shared/i18n";
import { useBaseSize } from "../shared/page/settings";
import App from "./App.vue";
import CentrePage from "./centre/CentrePage.vue";
import CockpitPage from "./cockpit/CockpitPage.vue";
import EvidencePage from "./evidence/EvidencePage.vue";
import InvitationsPage from "./invitations/InvitationsPage.vue";
import en from "./messages.en";
import zh from "./messages.zh";
import SeatsPage from "./seats/SeatsPage.vue";
import SessionsPage from "./cockpit/SessionsPage.vue";
import TenderPage from "./tenders/TenderPage.vue";
import TendersPage from "./tenders/TendersPage.vue";

const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: "/", redirect: "/tenders" },
    { path: "/tenders", name: "tenders", component: TendersPage },
    { path: "/tenders/:project", name: "tender", component: TenderPage, props: true },
    { path: "/invitations", name: "invitations", component: InvitationsPage },
    { path: "/seats/:project?", name: "seats", component: SeatsPage, props: true },
    { path: "/sessions", name: "sessions", component: SessionsPage },
    { path: "/sessions/:session", name: "cockpit", component: CockpitPage, props: true },
    { path: "/evidence", name: "evidence", component: EvidencePage },
    { path: "/centre", name: "centre", component: CentrePage },
    { path: "/:rest(.*)*", redirect: "/tenders" },
  ],
});

useBaseSize(14);
createApp(App).use(createPinia()).use(makeI18n({ zh, en })).use(router).mount("#app");
