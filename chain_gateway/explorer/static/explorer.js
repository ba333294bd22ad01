// Wakes what needs a script: copy buttons and the place where a file is checked.
import { wakeCopying } from "./copy.js";
import { wakeDropping } from "./drop.js";

wakeCopying(document);
wakeDropping(document);
