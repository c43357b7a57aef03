public import StaticAssets

/// A place from which the published files of an earlier release are read: a directory, a site or an
/// object store.
public protocol ReleaseStore: Sendable {
  /// The name of the store in messages.
  var place: String { get }

  /// The content of the published file `name`; nil if there is no such file.
  ///
  /// It blocks, and is called by several threads at a time. The bytes are not trusted: the caller
  /// compares them with the digest in the name or the manifest.
  ///
  /// - Parameter name: a path below the root.
  /// - Throws: why the store cannot be read.
  func read(_ name: BytePath) throws(ReleaseStoreError) -> [UInt8]?
}

/// The reason why a store of earlier releases cannot be read; one line, without the store's name.
public struct ReleaseStoreError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The reason and the remedy.
  public let description: String

  /// An error with this description.
  public init(_ description: String) { self.description = description }
}

/// An earlier release whose hashed files are carried over.
public struct EarlierRelease: Sendable {
  /// The store of its files.
  public let store: any ReleaseStore
  /// Whether the release continues if the files cannot be read.
  public let isOptional: Bool

  /// The release or releases in `store`.
  public init(_ store: any ReleaseStore, isOptional: Bool = false) {
    self.store = store
    self.isOptional = isOptional
  }
}
