/// Field values shared by many files, kept to avoid an allocation for each.
struct FieldTexts {
  /// The last values returned: neighbouring files often have the same type and time.
  private var contentType: [UInt8] = []
  private var date: (modified: Int64, text: [UInt8]) = (0, [])

  /// The value of `Last-Modified`; empty when the modification time is no real one.
  mutating func lastModified(_ version: FileVersion) -> [UInt8] {
    guard let modified = version.toldModified else { return [] }
    if date.modified != modified { date = (modified, version.lastModified) }
    return date.text
  }

  /// The content type that a manifest records.
  mutating func contentType(_ known: ArraySlice<UInt8>) -> [UInt8] {
    if !contentType.elementsEqual(known) { contentType = Array(known) }
    return contentType
  }
}

extension FileVersion {
  /// `Last-Modified` in seconds since 1970; nil when the modification time is no real one.
  ///
  /// Images that are built reproducibly set all times to 0 or 1.
  var toldModified: Int64? {
    modified > 1 && modified <= HTTPDate.latest ? modified : nil
  }

  /// The value of `Last-Modified`, an IMF-fixdate; empty when the modification time is no real one.
  var lastModified: [UInt8] {
    guard let toldModified else { return [] }
    let date = HTTPDate.format(toldModified)
    return date.indices.map { date[$0] }
  }

  /// The entity tag `"<time>-<size>"` in hexadecimal; empty when the modification time is no real
  /// one.
  var entityTag: [UInt8] {
    guard let toldModified else { return [] }
    var text = "\"" + String(toldModified, radix: 16)
    // Without the fraction, two contents of one second and one size would have the same tag.
    if nanoseconds > 0 { text += "." + String(nanoseconds, radix: 16) }
    return Array("\(text)-\(String(byteCount, radix: 16))\"".utf8)
  }
}
