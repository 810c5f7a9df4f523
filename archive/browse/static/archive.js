/* The one script of the reading room. Every page works without it. */
"use strict";
