/// The file name extensions that have a media type, and whole file names that do.
///
/// A missing name with one of them is a missing file, not a page of a single-page app.
struct FileExtensions: ~Copyable, Sendable {
  /// The names as numbers, sorted; of longer names the last 16 bytes.
  private let names: FixedArray<UInt128>

  init(_ names: [UInt128]) {
    self.names = FixedArray(Array(Set(names)).sorted())
  }

  /// The names of `mediaTypes`, and those of all known media types.
  static func numbers(_ mediaTypes: [String: String]) -> [UInt128] {
    // A missing stored coding is not a page either.
    (MediaType.extensionNames + ["br", "gz", "zst"] + mediaTypes.keys).map { name in
      name.lowercased().utf8.reduce(0) { $0 << 8 | UInt128($1) }
    }
  }

  /// Whether the last segment of the path in `range` of `path` has a dot and a known extension, or
  /// is a known name as a whole; case does not matter.
  func hasKnownName(_ path: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var whole: UInt128 = 0
    var suffix: UInt128 = 0
    var hasDot = false
    for index in range {
      let byte = path[index]
      switch byte {
      case UInt8(ascii: "/"): (whole, suffix, hasDot) = (0, 0, false)
      case UInt8(ascii: "."):
        whole = whole << 8 | UInt128(byte)
        (suffix, hasDot) = (0, true)
      default:
        let isCapital = byte &- UInt8(ascii: "A") < 26
        let letter = UInt128(isCapital ? byte | 0x20 : byte)
        whole = whole << 8 | letter
        suffix = suffix << 8 | letter
      }
    }
    return hasDot && (contains(suffix) || contains(whole))
  }

  private func contains(_ name: UInt128) -> Bool {
    var low = 0
    var high = names.count
    while low < high {
      let middle = (low &+ high) / 2
      if names[middle] < name { low = middle &+ 1 } else { high = middle }
    }
    return low < names.count && names[low] == name
  }
}
