/// `staticd.json`: size, digest and codings of every collected file.
struct CollectedManifest: ~Copyable, Sendable {
  /// One file of the root; the slices refer to the manifest's text.
  struct File {
    var name = ByteSlice.none
    var byteCount: Int64 = -1
    /// The SHA-256 of the content in lower-case hexadecimal; empty when it is missing.
    var sha256 = ByteSlice.none
    var contentType = ByteSlice.none
    /// The value of the `integrity` attribute in HTML; empty when it is missing.
    var integrity = ByteSlice.none
    /// Whether the name contains a hash of the content, in this release or an older one.
    ///
    /// Django's manifest lists this release only, but pages of older releases are still in use.
    var isImmutable = false
    /// The label of the last release that contains the file; empty when it is missing.
    var release = ByteSlice.none
    /// The paths below the root for which the file is a dictionary, with `*` for any characters;
    /// empty for none.
    var dictionaryFor = ByteSlice.none
    /// The range of the file's codings in the manifest's `codings`.
    var codings = 0..<0
  }

  /// One stored coding of a file.
  struct Coding {
    var name = ByteSlice.none
    var byteCount: Int64 = -1
    /// The MD5 of the coded bytes in lower-case hexadecimal; empty when it is missing.
    var md5 = ByteSlice.none
    /// The SHA-256 of the dictionary in lower-case hexadecimal; empty for a coding without one.
    var dictionary = ByteSlice.none
  }

  let files: [File]
  /// The modification time of the manifest in nanoseconds since 1970: a file that is not newer is
  /// taken to have the content that is listed.
  let modified: Int64
  /// The modification time of the sources, for all files, in seconds since 1970; nil when it is not
  /// recorded.
  let sourceTime: Int64?
  /// The number of earlier releases for which deltas are made; 0 for none.
  let deltaReleaseCount: Int64
  let text: [UInt8]
  private let codings: [Coding]
  private let index: PathIndex
  /// Whether the files are in the order of their names, as the collector writes them.
  private let isSorted: Bool

  /// An empty manifest.
  init() {
    files = []
    modified = .max
    sourceTime = nil
    deltaReleaseCount = 0
    text = []
    codings = []
    index = PathIndex(count: 0) { _ in 0 }
    isSorted = true
  }

  /// Reads the text of a manifest.
  ///
  /// - Parameters:
  ///   - bytes: the text.
  ///   - modified: its modification time in nanoseconds since 1970.
  /// - Throws: `JSONReader.Malformed` when it is not valid JSON, or a value has an unexpected type.
  init(_ bytes: consuming [UInt8], modified: Int64 = .max) throws(JSONReader.Malformed) {
    self.modified = modified
    var files: [File] = []
    var codings: [Coding] = []
    var deltaReleaseCount: Int64 = 0
    var reader = JSONReader(bytes)
    var sourceTime: Int64?
    try reader.members { (reader, key) throws(JSONReader.Malformed) in
      if reader.equals(key, "sourceTime") {
        sourceTime = try reader.integer()
        return
      }
      if reader.equals(key, "deltas") {
        deltaReleaseCount = try reader.integer()
        return
      }
      guard reader.equals(key, "files") else { return try reader.skipValue() }
      try reader.members { (reader, name) throws(JSONReader.Malformed) in
        var file = try Self.file(&reader, &codings)
        file.name = name
        files.append(file)
      }
    }
    try reader.end()
    text = reader.bytes
    index = PathIndex(count: files.count) { [text] in PathHash.of(text.span, files[$0].name.range) }
    isSorted = zip(files, files.dropFirst()).allSatisfy { [text] in
      text.order($0.name, text.span, $1.name.range) < 0
    }
    self.files = files
    self.sourceTime = sourceTime
    self.deltaReleaseCount = deltaReleaseCount
    self.codings = codings
  }

  /// The index of the file whose name is in `range` of `bytes`; nil when it is not listed.
  func find(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    index.find(bytes, range) { text.equals(files[$0].name, bytes, range) }
  }

  /// The index of the file whose name is in `range` of `bytes`, if that name sorts soon after the one
  /// of the file at index `number`, as that of a coding does; nil when it is not listed.
  ///
  /// The names of neighbours are mostly in one cache line; a look-up in the index costs three misses.
  func find(_ bytes: Span<UInt8>, _ range: Range<Int>, after number: Int) -> Int? {
    guard isSorted else { return find(bytes, range) }
    for next in (number + 1)..<Swift.min(number + 5, files.count) {
      let order = text.order(files[next].name, bytes, range)
      if order >= 0 { return order == 0 ? next : nil }
    }
    return number + 5 < files.count ? find(bytes, range) : nil
  }

  /// The `integrity` value of the file `name`; nil when the manifest has none.
  func integrity(_ name: [UInt8]) -> String? {
    guard let number = find(name.span, 0..<name.count) else { return nil }
    let value = files[number].integrity
    return value.isEmpty ? nil : String(decoding: text[value.range], as: UTF8.self)
  }

  /// The recorded size of the coding of `file` whose name is in `range` of `bytes`; nil when it is
  /// not listed.
  func byteCount(of file: File, coding bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    for coding in codings[file.codings] where text.equals(coding.name, bytes, range) {
      return coding.byteCount
    }
    return nil
  }

  /// The delta of the file at index `number` whose name is in `range` of `bytes`; nil when it is
  /// not listed, or not as a delta.
  func delta(_ number: Int, _ bytes: Span<UInt8>, _ range: Range<Int>) -> Coding? {
    for coding in codings[files[number].codings]
    where !coding.dictionary.isEmpty && text.equals(coding.name, bytes, range) {
      return coding
    }
    return nil
  }

  /// The names of all deltas of the file at index `number`.
  func deltaNames(_ number: Int) -> [ArraySlice<UInt8>] {
    codings[files[number].codings].filter { !$0.dictionary.isEmpty }.map { text[$0.name.range] }
  }

  private static func file(
    _ reader: inout JSONReader,
    _ codings: inout [Coding]
  ) throws(JSONReader.Malformed) -> File {
    var file = File()
    try reader.members { (reader, key) throws(JSONReader.Malformed) in
      if reader.equals(key, "bytes") {
        file.byteCount = try reader.integer()
      } else if reader.equals(key, "sha256") {
        file.sha256 = try text("sha256", &reader) { $0.isLowercaseHexDigit }
      } else if reader.equals(key, "type") {
        file.contentType = try text("type", &reader) { !$0.isControl }
      } else if reader.equals(key, "integrity") {
        file.integrity = try text("integrity", &reader) { !$0.isControl }
      } else if reader.equals(key, "release") {
        file.release = try reader.slice()
      } else if reader.equals(key, "dictionaryFor") {
        file.dictionaryFor = try text("dictionaryFor", &reader) { !$0.isControl }
      } else if reader.equals(key, "cacheControl") {
        file.isImmutable = reader.equals(try reader.slice(), CachePolicy.immutableFieldValue)
      } else if reader.equals(key, "codings") {
        let first = codings.count
        try reader.array { (reader) throws(JSONReader.Malformed) in
          codings.append(try coding(&reader))
        }
        file.codings = first..<codings.count
      } else {
        try reader.skipValue()
      }
    }
    return file
  }

  /// Reads a string that becomes a part of a response.
  ///
  /// A line feed in it would begin another field (RFC 9110 §5.5), so a byte that `isAllowed`
  /// rejects makes the manifest malformed.
  private static func text(
    _ key: String,
    _ reader: inout JSONReader,
    _ isAllowed: (UInt8) -> Bool
  ) throws(JSONReader.Malformed) -> ByteSlice {
    let slice = try reader.slice()
    for index in slice.range where !isAllowed(reader.bytes[index]) {
      throw JSONReader.Malformed(offset: slice.range.lowerBound, key: key)
    }
    return slice
  }

  private static func coding(_ reader: inout JSONReader) throws(JSONReader.Malformed) -> Coding {
    var coding = Coding()
    try reader.members { (reader, key) throws(JSONReader.Malformed) in
      if reader.equals(key, "file") {
        coding.name = try reader.slice()
      } else if reader.equals(key, "bytes") {
        coding.byteCount = try reader.integer()
      } else if reader.equals(key, "md5") {
        coding.md5 = try reader.slice()
      } else if reader.equals(key, "dictionary") {
        coding.dictionary = try reader.slice()
      } else {
        try reader.skipValue()
      }
    }
    return coding
  }
}

extension UInt8 {
  /// Whether this is a control character, including tab and DEL.
  fileprivate var isControl: Bool { self < 0x20 || self == 0x7F }

  /// Whether this is a lower-case hexadecimal digit, as digests are written.
  package var isLowercaseHexDigit: Bool {
    self &- UInt8(ascii: "0") < 10 || self &- UInt8(ascii: "a") < 6
  }
}
