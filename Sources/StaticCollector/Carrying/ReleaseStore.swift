public import StaticAssets

/// Where the published files of an earlier release can be read: a directory, a site, an object store.
public protocol ReleaseStore: Sendable {
  /// What it is called in messages.
  var place: String { get }

  /// All bytes of the published file `name`; nil when there is no such file.
  ///
  /// Blocks; called by several threads at a time. Nothing about the bytes is trusted: the caller
  /// compares them with the digests that the name or the manifest has.
  ///
  /// - Parameter name: a path below the root.
  /// - Throws: why the store cannot be read.
  func read(_ name: BytePath) throws(ReleaseStoreError) -> [UInt8]?
}

/// Why a store of earlier releases cannot be read; one line, without the store's name.
public struct ReleaseStoreError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The reason, and what to do.
  public let description: String

  /// A failure.
  public init(_ description: String) { self.description = description }
}

/// An earlier release to carry hashed files over from.
public struct EarlierRelease: Sendable {
  /// Where its files are.
  public let store: any ReleaseStore
  /// Whether a release goes on without its files when they cannot be read.
  public let isOptional: Bool

  /// The release, or releases, that `store` has.
  public init(_ store: any ReleaseStore, isOptional: Bool = false) {
    self.store = store
    self.isOptional = isOptional
  }
}
