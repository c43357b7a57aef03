/// Finds the first file with a given content, by the digest in `staticd.json`.
///
/// A hash table with open addressing over file indices. The hash selects the slot; the caller
/// compares the whole digest.
struct ContentIndex {
  /// The index of a file plus one; 0 is a free slot.
  private var slots: [Int32]

  /// An index for at most `count` files.
  init(count: Int) {
    var capacity = 16
    while capacity < count * 2 { capacity *= 2 }
    slots = Array(repeating: 0, count: capacity)
  }

  /// Returns the first file that was added under `hash` and that `isEqual` accepts; if there is
  /// none, adds `number` and returns nil.
  mutating func findOrAdd(_ number: Int, hash: UInt64, isEqual: (Int) -> Bool) -> Int? {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let found = Int(slots[slot]) - 1
      if isEqual(found) { return found }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Int32(number + 1)
    return nil
  }
}
