/// The characters of a file name as Python decodes it: a byte that is not UTF-8 becomes a lone
/// surrogate (PEP 383).
package enum PythonCharacters {
  /// The code points of `name`.
  package static func of(_ name: [UInt8]) -> [UInt32] {
    var characters: [UInt32] = []
    var index = 0
    while index < name.count {
      if let (scalar, byteCount) = UnicodeText.scalar(name, at: index) {
        characters.append(scalar.value)
        index += byteCount
      } else {
        characters.append(0xDC00 + UInt32(name[index]))
        index += 1
      }
    }
    return characters
  }

  /// Whether `first` sorts before `second` by code points.
  package static func precedes(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    of(first).lexicographicallyPrecedes(of(second))
  }
}
