/// Field values shared by many files, kept to avoid an allocation for each.
struct FieldValueCache {
  /// The last values returned: neighbouring files often have the same type and time.
  private var contentType: [UInt8] = []
  private var date: (modified: Int64, text: [UInt8]) = (0, [])

  /// The value of `Last-Modified`; empty when the modification time is no real one.
  mutating func lastModified(_ version: FileVersion) -> [UInt8] {
    guard let modified = version.lastModifiedSeconds else { return [] }
    if date.modified != modified { date = (modified, version.lastModified) }
    return date.text
  }

  /// The content type that a manifest records.
  mutating func contentType(_ known: ArraySlice<UInt8>) -> [UInt8] {
    if !contentType.elementsEqual(known) { contentType = Array(known) }
    return contentType
  }
}
