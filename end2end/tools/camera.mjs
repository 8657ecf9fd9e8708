// What happens to a code between paper and reader: pictures are read in, turned, made smaller and blurred as a camera does it,
// all in 8-bit grey. A picture is { width, height, data }, a byte each pixel, row by row.

import { inflateSync } from "node:zlib";

/** Reads a PNG of 8 bits a channel, as browsers and our server write it. What is transparent lies on white. */
export function readPng(png) {
  let header;
  const parts = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const kind = png.toString("latin1", at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (kind === "IHDR") header = body;
    if (kind === "IDAT") parts.push(body);
    at += 12 + length;
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const channels = { 0: 1, 2: 3, 4: 2, 6: 4 }[header[9]];
  if (header[8] !== 8 || !channels || header[12] !== 0) throw new Error("a PNG of a kind that is not read here");
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const data = new Uint8Array(width * height);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)];
    const row = Uint8Array.from(raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    for (let at = 0; at < stride; at += 1) {
      const left = at >= channels ? row[at - channels] : 0;
      const [up, corner] = [above[at], at >= channels ? above[at - channels] : 0];
      row[at] += predicted(filter, left, up, corner);
    }
    for (let x = 0; x < width; x += 1) {
      const pixel = row.subarray(x * channels, (x + 1) * channels);
      const colours = channels < 3 ? [pixel[0]] : [pixel[0], pixel[1], pixel[2]];
      const alpha = channels % 2 ? 255 : pixel[channels - 1];
      const grey = colours.reduce((sum, colour) => sum + colour, 0) / colours.length;
      data[y * width + x] = Math.round((grey * alpha + 255 * (255 - alpha)) / 255);
    }
    above = row;
  }
  return { width, height, data };
}

/** What a PNG's filter expects of a byte. */
function predicted(filter, left, up, corner) {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const [byLeft, byUp, byCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

/** Reads a PGM, as pdftoppm writes it. */
export function readPgm(pgm) {
  const [head, width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(pgm.toString("latin1", 0, 64));
  return { width: Number(width), height: Number(height), data: pgm.subarray(head.length) };
}

/** What comes out of a printer that has black dots and nothing else: where more than half would be black, a dot. */
export function dots({ width, height, data }) {
  return { width, height, data: data.map((grey) => (grey < 128 ? 0 : 255)) };
}

/** The picture as PGM. */
export function writePgm({ width, height, data }) {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), data]);
}

/** How many samples a pixel of the sensor takes each way. */
const SAMPLES = 3;

/**
 * The picture on a camera's sensor: turned about its middle, as paper lies crooked, and at another scale. Each pixel is the mean
 * of the area that it covers; beyond the picture all is white.
 */
export function photograph({ width, height, data }, { degrees = 0, scale = 1 }) {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  const sensor = {
    width: Math.ceil(scale * (Math.abs(width * cos) + Math.abs(height * sin))),
    height: Math.ceil(scale * (Math.abs(width * sin) + Math.abs(height * cos))),
  };
  const result = new Uint8Array(sensor.width * sensor.height);
  for (let y = 0; y < sensor.height; y += 1) {
    for (let x = 0; x < sensor.width; x += 1) {
      let grey = 0;
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
        const fromX = (x + ((sample % SAMPLES) + 0.5) / SAMPLES - sensor.width / 2) / scale;
        const fromY = (y + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES - sensor.height / 2) / scale;
        const atX = Math.floor(fromX * cos + fromY * sin + width / 2);
        const atY = Math.floor(fromY * cos - fromX * sin + height / 2);
        grey += atX >= 0 && atY >= 0 && atX < width && atY < height ? data[atY * width + atX] : 255;
      }
      result[y * sensor.width + x] = Math.round(grey / SAMPLES ** 2);
    }
  }
  return { ...sensor, data: result };
}

/** Out of focus: a Gaussian of this many pixels. */
export function blur({ width, height, data }, sigma) {
  const reach = Math.ceil(3 * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, at) => Math.exp(-((at - reach) ** 2) / (2 * sigma ** 2)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const along = (from, step, limit, place) => {
    const to = new Uint8Array(from.length);
    for (let at = 0; at < from.length; at += 1) {
      const here = place(at);
      let grey = 0;
      for (let away = -reach; away <= reach; away += 1) {
        // Beyond the edge the paper goes on as it is at the edge.
        const inside = Math.min(limit - 1, Math.max(0, here + away)) - here;
        grey += weights[away + reach] * from[at + inside * step];
      }
      to[at] = Math.round(grey / sum);
    }
    return to;
  };
  const across = along(data, 1, width, (at) => at % width);
  return { width, height, data: along(across, width, height, (at) => Math.floor(at / width)) };
}

/** From where to where the longest run of marks goes. */
function longest(marks) {
  let [best, began] = [[0, 0], -1];
  for (let at = 0; at <= marks.length; at += 1) {
    if (marks[at] && began < 0) began = at;
    if (!marks[at] && began >= 0) {
      if (at - began > best[1] - best[0]) best = [began, at];
      began = -1;
    }
  }
  return best;
}

/**
 * The code on a slip, with `margin` of white around it, as one aims a camera at it: no line of words is as high as a code, so it is
 * the tallest thing on the paper.
 */
export function aim({ width, height, data }, margin) {
  const inked = (x, y) => data[y * width + x] < 128;
  const all = (length) => Array.from({ length }, (_, at) => at);
  const [top, below] = longest(all(height).map((y) => all(width).some((x) => inked(x, y))));
  const rows = all(below - top).map((y) => y + top);
  const [left, right] = longest(all(width).map((x) => rows.some((y) => inked(x, y))));
  const cut = { width: right - left + 2 * margin, height: below - top + 2 * margin };
  const result = new Uint8Array(cut.width * cut.height).fill(255);
  for (const y of rows) {
    result.set(data.subarray(y * width + left, y * width + right), (y - top + margin) * cut.width + margin);
  }
  return { ...cut, data: result };
}

/** Each distortion alone, and all of them. The lens blurs before the sensor takes the picture. */
export const DISTORTIONS = {
  "as it is": (picture) => picture,
  "rotated by 7°": (picture) => photograph(picture, { degrees: 7 }),
  "scaled to half": (picture) => photograph(picture, { scale: 0.5 }),
  blurred: (picture) => blur(picture, 0.8),
  "all together": (picture) => photograph(blur(picture, 0.8), { degrees: 7, scale: 0.5 }),
};
