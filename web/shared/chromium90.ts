// Features that our libraries expect and Chromium 90 lacks; imported before everything else.
const owner = Object as unknown as { hasOwn?: (thing: object, name: PropertyKey) => boolean };

owner.hasOwn ??= (thing, name) => Object.prototype.hasOwnProperty.call(thing, name);

export {};
