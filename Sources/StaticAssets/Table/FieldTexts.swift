/// The values of fields, made once for the many files that share them.
struct FieldTexts {
  private let immutable = Array((CachePolicy.immutable.fieldValue ?? "").utf8)
  private let mutable: [UInt8]
  /// The last ones handed out: files that stand together are often alike.
  private var contentType: [UInt8] = []
  private var date: (modified: Int64, text: [UInt8]) = (0, [])

  /// - Parameter maxAge: as in `FileTable.Options`.
  init(maxAge: Int?) {
    mutable = Array((CachePolicy.maxAge(maxAge).fieldValue ?? "").utf8)
  }

  func cacheControl(isImmutable: Bool) -> [UInt8] {
    isImmutable ? immutable : mutable
  }

  /// The time as an IMF-fixdate; empty where it says nothing.
  mutating func lastModified(_ version: FileVersion) -> [UInt8] {
    guard let modified = version.toldModified else { return [] }
    if date.modified != modified { date = (modified, version.lastModified) }
    return date.text
  }

  /// The content type that a manifest tells.
  mutating func contentType(_ known: ArraySlice<UInt8>) -> [UInt8] {
    if !contentType.elementsEqual(known) { contentType = Array(known) }
    return contentType
  }

  /// The content type of a file called `name`.
  func contentType(ofFileNamed name: ArraySlice<UInt8>) -> [UInt8] {
    Array(MediaType.contentType(ofFileNamed: name).utf8)
  }
}

extension FileVersion {
  /// Seconds since 1970; nil where the time says nothing, as in images that are built
  /// reproducibly, which have the epoch or a second after it.
  var toldModified: Int64? {
    modified > 1 && modified <= HTTPDate.latest ? modified : nil
  }

  /// The time as an IMF-fixdate; empty where it says nothing.
  var lastModified: [UInt8] {
    guard let toldModified else { return [] }
    let date = HTTPDate.format(toldModified)
    return date.indices.map { date[$0] }
  }
}
