/** Words that only the page has, beside those of the thread. */
import type { Language } from "../text/strings.js";

const en = {
  newConversation: "New conversation",
  conversations: "Conversations",
  noConversations: "Your conversations will be listed here.",
  openMenu: "Open menu",
  closeMenu: "Close menu",
  settings: "Settings",
  theme: "Appearance",
  themeAuto: "As the device",
  themeLight: "Light",
  themeDark: "Dark",
  language: "Language",
  demoCustomer: "Demo customer",
  demoHint: "No sign-in in the sandbox: any name opens a small demo portfolio. No money is real.",
  skip: "Skip to the message field",
};

export type PageStrings = typeof en;

const es: PageStrings = {
  newConversation: "Nueva conversación",
  conversations: "Conversaciones",
  noConversations: "Aquí aparecerán sus conversaciones.",
  openMenu: "Abrir el menú",
  closeMenu: "Cerrar el menú",
  settings: "Ajustes",
  theme: "Aspecto",
  themeAuto: "Como el dispositivo",
  themeLight: "Claro",
  themeDark: "Oscuro",
  language: "Idioma",
  demoCustomer: "Cliente de demostración",
  demoHint: "Sin inicio de sesión en el entorno de pruebas: cualquier nombre abre una pequeña cartera. El dinero no es real.",
  skip: "Ir al campo de mensaje",
};

export const pageStrings = (language: Language): PageStrings => (language === "es" ? es : en);
