/// The values of fields, made once for the many files that share them.
struct FieldTexts {
  /// The last ones handed out: files that stand together are often alike.
  private var contentType: [UInt8] = []
  private var date: (modified: Int64, text: [UInt8]) = (0, [])

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

  /// `"<time>-<size>"`; empty where the time says nothing.
  var entityTag: [UInt8] {
    guard let toldModified else { return [] }
    var text = "\"" + String(toldModified, radix: 16)
    // Two contents of one second and size are two contents.
    if nanoseconds > 0 { text += "." + String(nanoseconds, radix: 16) }
    return Array("\(text)-\(String(byteCount, radix: 16))\"".utf8)
  }
}
