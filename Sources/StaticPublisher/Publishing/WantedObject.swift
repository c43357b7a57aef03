internal import StaticAssets

/// An object that a release needs.
struct WantedObject: Sendable {
  /// The order of writing: objects before those that refer to them.
  enum Phase: Int, Sendable, CaseIterable {
    /// Names that change with the content: they mean the same in every release.
    case hashed
    /// Names that may have other content in the previous release.
    case original
    case manifest
  }

  /// Its name below the prefix.
  let name: BytePath
  /// The file with its bytes, below the root.
  let file: BytePath
  let byteCount: Int
  /// The MD5 of its bytes, in lower-case hexadecimal.
  let md5: [UInt8]
  let fields: ObjectFields
  let phase: Phase
  /// The label of the last release that it belongs to.
  var release: [UInt8]
}
