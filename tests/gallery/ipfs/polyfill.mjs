// What js-ipfs expects of a newer Node.js than Debian 12's.
Promise.withResolvers ??= function () {
  let resolve
  let reject
  const promise = new this((res, rej) => { resolve = res; reject = rej })
  return { promise, resolve, reject }
}

globalThis.CustomEvent ??= class CustomEvent extends Event {
  #detail

  constructor (type, options = {}) {
    super(type, options)
    this.#detail = options.detail ?? null
  }

  get detail () { return this.#detail }
}
