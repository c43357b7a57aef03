extension ContentCoding {
  /// The coding whose file suffix ends the name in `range` of `bytes`; nil if there is none.
  static func stored(named bytes: Span<UInt8>, _ range: Range<Int>) -> ContentCoding? {
    let end = range.upperBound
    guard range.count >= 3 else { return nil }
    switch (bytes[end - 3], bytes[end - 2], bytes[end - 1]) {
    case (UInt8(ascii: "."), UInt8(ascii: "b"), UInt8(ascii: "r")): return .brotli
    case (UInt8(ascii: "."), UInt8(ascii: "g"), UInt8(ascii: "z")): return .gzip
    case (UInt8(ascii: "z"), UInt8(ascii: "s"), UInt8(ascii: "t"))
    where range.count >= 4 && bytes[end - 4] == UInt8(ascii: "."): return .zstandard
    case (UInt8(ascii: "d"), UInt8(ascii: "c"), UInt8(ascii: "z"))
    where DictionaryCoding.isSuffix(bytes, range): return .dictionaryZstandard
    default: return nil
    }
  }
}
