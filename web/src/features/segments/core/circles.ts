// Two circles with areas in proportion to `sizes` that share an area in proportion to `shared`.
export interface Circle { x: number; r: number }

const lens = (r1: number, r2: number, d: number): number => {
  if (d >= r1 + r2) return 0;
  if (d <= Math.abs(r1 - r2)) return Math.PI * Math.min(r1, r2) ** 2;
  const part = (a: number, b: number) => a * a * Math.acos((d * d + a * a - b * b) / (2 * d * a));
  return part(r1, r2) + part(r2, r1) - 0.5 * Math.sqrt((-d + r1 + r2) * (d + r1 - r2) * (d - r1 + r2) * (d + r1 + r2));
};

export function circles(sizes: [number, number], shared: number, width: number, height: number): { left: Circle; right: Circle } {
  const largest = Math.max(...sizes, 1);
  const radius = (size: number) => Math.sqrt(size / largest) * Math.min(height / 2 - 4, width / 4 - 4);
  const r1 = radius(sizes[0]), r2 = radius(sizes[1]);
  const wanted = sizes[0] === 0 ? 0 : (shared / sizes[0]) * Math.PI * r1 * r1;
  // The common area falls as the distance grows: halve the interval until it fits.
  let near = Math.abs(r1 - r2), far = r1 + r2;
  if (shared === 0) near = far;
  for (let i = 0; i < 50; ++i) {
    const middle = (near + far) / 2;
    if (lens(r1, r2, middle) > wanted) near = middle;
    else far = middle;
  }
  const begin = (width - r1 - far - r2) / 2;
  return { left: { x: begin + r1, r: r1 }, right: { x: begin + r1 + far, r: r2 } };
}
