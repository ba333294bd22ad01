// What a part we use expects of the browser and Chromium 90 does not have; imported before everything else.
const owner = Object as unknown as { hasOwn?: (thing: object, name: PropertyKey) => boolean };

owner.hasOwn ??= (thing, name) => Object.prototype.hasOwnProperty.call(thing, name);

export {};
