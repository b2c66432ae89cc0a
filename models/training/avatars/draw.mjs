// node draw.mjs PACKAGE COUNT OUT: COUNT pictures of each style of one package, as OUT/STYLE/NUMBER.svg.
// Run from a folder whose node_modules holds the package. The same numbers always give the same pictures.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [wanted, count, out] = process.argv.slice(2);
const SIZE = 256;

let state = 20;
const chance = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
const anyOf = (choices) => choices[Math.floor(chance() * choices.length)];
const looks = (options) => Object.fromEntries(Object.entries(options).map(([name, choices]) => [name, anyOf(choices)]));
const seeds = () => Array.from({ length: Number(count) }, (_, number) => `picture ${number}`);

function keep(style, drawings) {
  const folder = join(out, style);
  mkdirSync(folder, { recursive: true });
  drawings.forEach((svg, number) => writeFileSync(join(folder, `${String(number).padStart(4, '0')}.svg`), svg));
}

// A package may arrive as an ES module, as CommonJS, or as the one wrapped in the other.
async function exportsOf(name) {
  const module = await import(name);
  return module.default?.default ? { ...module.default, default: module.default.default } : module;
}

async function markup(component, properties) {
  const { createElement } = await import('react');
  const { renderToStaticMarkup } = await import('react-dom/server');
  return renderToStaticMarkup(createElement(component, properties));
}

const AVATAAARS = {
  topType: ['NoHair', 'Eyepatch', 'Hat', 'Hijab', 'Turban', 'WinterHat1', 'WinterHat4', 'LongHairBigHair', 'LongHairBob',
    'LongHairBun', 'LongHairCurly', 'LongHairCurvy', 'LongHairDreads', 'LongHairFro', 'LongHairMiaWallace',
    'LongHairStraight', 'ShortHairDreads01', 'ShortHairFrizzle', 'ShortHairShaggyMullet', 'ShortHairShortCurly',
    'ShortHairShortFlat', 'ShortHairTheCaesar', 'ShortHairSides'],
  accessoriesType: ['Blank', 'Blank', 'Kurt', 'Prescription01', 'Round', 'Sunglasses'],
  hairColor: ['Auburn', 'Black', 'Blonde', 'Brown', 'Platinum', 'Red', 'SilverGray'],
  facialHairType: ['Blank', 'Blank', 'BeardMedium', 'BeardLight', 'BeardMajestic', 'MoustacheFancy'],
  clotheType: ['BlazerShirt', 'BlazerSweater', 'CollarSweater', 'Hoodie', 'Overall', 'ShirtCrewNeck', 'ShirtVNeck'],
  clotheColor: ['Black', 'Blue01', 'Gray01', 'PastelBlue', 'Pink', 'Red', 'White'],
  eyeType: ['Close', 'Default', 'Happy', 'Side', 'Squint', 'Surprised', 'Wink', 'Hearts'],
  eyebrowType: ['Angry', 'Default', 'DefaultNatural', 'RaisedExcited', 'SadConcerned', 'UpDown'],
  mouthType: ['Default', 'Concerned', 'Eating', 'Grimace', 'Serious', 'Smile', 'Twinkle'],
  skinColor: ['Tanned', 'Yellow', 'Pale', 'Light', 'Brown', 'DarkBrown', 'Black'],
  avatarStyle: ['Transparent', 'Transparent', 'Circle'],
};

const BIGHEADS = {
  accessory: ['none', 'roundGlasses', 'tinyGlasses', 'shades'],
  body: ['chest', 'breasts'],
  clothing: ['shirt', 'dressShirt', 'vneck', 'tankTop', 'dress'],
  clothingColor: ['white', 'blue', 'black', 'green', 'red'],
  eyebrows: ['raised', 'leftLowered', 'serious', 'angry', 'concerned'],
  eyes: ['normal', 'leftTwitch', 'happy', 'content', 'squint', 'simple', 'dizzy', 'wink', 'heart'],
  facialHair: ['none', 'none2', 'none3', 'stubble', 'mediumBeard'],
  graphic: ['none', 'redwood', 'gatsby', 'vue', 'react', 'graphQL'],
  hair: ['none', 'long', 'bun', 'short', 'pixie', 'balding', 'buzz', 'afro', 'bob'],
  hairColor: ['blonde', 'orange', 'black', 'white', 'brown', 'blue', 'pink'],
  hat: ['none', 'none2', 'none3', 'beanie', 'turban'],
  hatColor: ['white', 'blue', 'black', 'green', 'red'],
  lashes: [true, false],
  lipColor: ['purple', 'red', 'pink', 'turqoise', 'green'],
  mouth: ['grin', 'sad', 'openSmile', 'lips', 'open', 'serious', 'tongue'],
  skinTone: ['light', 'yellow', 'brown', 'dark', 'red', 'black'],
  mask: [false],
  faceMask: [false],
  faceMaskColor: ['white'],
};

const PACKAGES = {
  '@dicebear/collection': async (name) => {
    const { createAvatar } = await import('@dicebear/core');
    for (const [style, design] of Object.entries(await import(name))) {
      if (style === 'icons' || !design.create) continue; // its icons are Bootstrap's, which test
      keep(
        `dicebear-${style.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
        seeds().map((seed) => createAvatar(design, { seed, size: SIZE }).toString()),
      );
    }
  },
  avataaars: async (name) => {
    const { default: Avatar } = await exportsOf(name);
    const style = { width: SIZE, height: SIZE };
    keep(name, await Promise.all(seeds().map(() => markup(Avatar, { style, ...looks(AVATAAARS) }))));
  },
  '@bigheads/core': async (name) => {
    const { BigHead } = await import(name);
    keep('bigheads', await Promise.all(seeds().map(() => markup(BigHead, looks(BIGHEADS)))));
  },
  '@multiavatar/multiavatar': async (name) => {
    const { default: multiavatar } = await import(name);
    keep('multiavatar', seeds().map((seed) => multiavatar(seed)));
  },
  'boring-avatars': async (name) => {
    const { default: Avatar } = await exportsOf(name);
    for (const variant of ['beam', 'marble', 'pixel', 'sunset', 'bauhaus', 'ring']) {
      const drawings = seeds().map((seed) => markup(Avatar, { name: seed, variant, size: SIZE, square: true }));
      keep(`${name}-${variant}`, await Promise.all(drawings));
    }
  },
  jdenticon: async (name) => {
    const { toSvg } = await import(name);
    keep(name, seeds().map((seed) => toSvg(seed, SIZE)));
  },
};

await PACKAGES[wanted](wanted);
