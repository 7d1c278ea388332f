/** The folder of the package. In a bundle, `__dirname` is defined to be it, so no other module may use that name. */
export const ROOT = __dirname;
