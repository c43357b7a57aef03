/// Field values shared by many files, kept to avoid an allocation for each.
struct FieldValueCache {
  /// The last values returned: neighbouring files often have the same type and time.
  private var contentType: [UInt8] = []
  private var date: (modified: Int64, text: [UInt8]) = (0, [])

  /// The value of `Last-Modified`, an IMF-fixdate; empty when `modified` is nil.
  ///
  /// - Parameter modified: in seconds since 1970.
  mutating func lastModified(_ modified: Int64?) -> [UInt8] {
    guard let modified else { return [] }
    if date.modified != modified {
      let value = HTTPDate.format(modified)
      date = (modified, value.indices.map { value[$0] })
    }
    return date.text
  }

  /// The content type that a manifest records.
  mutating func contentType(_ known: ArraySlice<UInt8>) -> [UInt8] {
    if !contentType.elementsEqual(known) { contentType = Array(known) }
    return contentType
  }
}
