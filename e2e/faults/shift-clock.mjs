// Preloaded into a console whose clock is wrong (F27): what libfaketime does, for JavaScript only.
const shiftMs = Number(process.env.REDRIVE_CLOCK_SHIFT_MS);
const Real = Date;
const realNow = Real.now;
const now = () => realNow() + shiftMs;

globalThis.Date = new Proxy(Real, {
  construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [now()] : given, made),
  apply: () => new Real(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
