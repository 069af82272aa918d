/** A copy of a typed array with more room: twice as much, unless told. */
export function grow<A extends Int32Array | Uint8Array | Float64Array>(
  array: A,
  type: new (length: number) => A,
  length = array.length * 2,
): A {
  const larger = new type(length);
  larger.set(array);
  return larger;
}
