internal import StaticAssets

/// Source files that are named as codings of others but do not decode to them.
///
/// An example is an `app.css.gz` of an older `app.css`. A server would send it for `app.css`, so it
/// is not published under its own name; the coding that this run creates takes that name, as in
/// WhiteNoise. Its hashed name and its entry in Django's manifest are kept.
struct StaleCodings {
  /// The destinations of these files.
  private(set) var names: Set<BytePath> = []
  /// A warning for each.
  private(set) var problems: [Problem] = []

  /// Reads those of `files` that are named as codings, and the files they belong to.
  init(_ files: [LoadedFile]) {
    let codings = files.filter { ContentCoding.stored($0.source.destination) != nil }
    guard !codings.isEmpty else { return }
    let others = Dictionary(files.map { ($0.source.destination, $0) }) { first, _ in first }
    for file in codings {
      let name = file.source.destination
      guard let (coding, base) = ContentCoding.stored(name), let other = others[base],
        !Self.decodes(file, coding, to: other)
      else { continue }
      names.insert(name)
      let text = "this does not decode to '\(base)', so it is not published; remove it"
      problems.append(
        Problem(
          severity: .warning,
          kind: .staleCoding,
          of: file.source,
          text: text
        )
      )
    }
  }

  /// Whether one file decodes to another; a read error is reported later, when the file is built.
  private static func decodes(_ file: LoadedFile, _ coding: ContentCoding, to other: LoadedFile)
    -> Bool
  {
    guard let coded = try? LoadedFile.read(file.source.path),
      let bytes = try? other.text ?? LoadedFile.read(other.source.path)
    else { return true }
    return Decoding.of(coded, coding, is: bytes)
  }
}
