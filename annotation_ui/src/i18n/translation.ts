/** The same tree of keys with any text. Chinese has no plural: a counted text needs `_other` alone. */
export type Translation<T> = {
  [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : Translation<T[K]>;
};
