/// Pages without their suffix: `/about` for `about.html`.
extension FileTableBuilder {
  /// The suffix of the names that have a clean URL.
  static let pageSuffix = Array(".html".utf8)

  /// Records the URL paths of the files that are about to be added.
  mutating func noteTakenPaths() {
    for file in plan.files { takenPaths.insert(prefix + names[path(of: file)].bytes) }
  }

  /// The clean name of the file at `path`; nil if it is served under its own name.
  ///
  /// If a file has the clean name itself, the page keeps its suffix.
  func cleanName(of file: BodyPlan.File, _ path: ByteSlice) -> ArraySlice<UInt8>? {
    guard options.cleansURLs else { return nil }
    let name = names.bytes[path.range]
    guard name.count > Self.pageSuffix.count,
      name.suffix(Self.pageSuffix.count) == Self.pageSuffix[...]
    else { return nil }
    let clean = name.dropLast(Self.pageSuffix.count)
    guard clean.last != UInt8(ascii: "/"), !isHashed(file), !takenPaths.contains(prefix + clean)
    else {
      return nil
    }
    return clean
  }

  /// Adds the page `entry` under `clean`; the URL with its own name is redirected there (308).
  mutating func addClean(_ entry: FileEntry, _ clean: ArraySlice<UInt8>, _ name: BytePath) {
    add(entry, at: clean)
    let base = clean.split(separator: UInt8(ascii: "/")).last ?? clean
    let location = PercentEncoding.segment(base)
    add(redirect(to: location, .cleanRedirect), at: name.bytes)
  }
}
