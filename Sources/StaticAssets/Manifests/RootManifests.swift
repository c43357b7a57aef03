#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The two manifests of a root; a missing one is empty.
final class RootManifests: Sendable {
  let django: DjangoManifest
  let collected: CollectedManifest

  /// Two empty manifests.
  init() {
    django = DjangoManifest()
    collected = CollectedManifest()
  }

  /// Reads the manifests of `root`.
  ///
  /// - Throws: `AssetError` when a manifest exists and cannot be read or is malformed.
  init(root: BytePath, _ directory: borrowing Descriptor) throws(AssetError) {
    let django = try DjangoManifest.read(root, directory)
    let collected = try CollectedManifest.read(root, directory)
    self.django = django
    self.collected = collected
  }

  /// The bytes of the manifest `name`, and its modification time in nanoseconds since 1970; nil when
  /// the file does not exist.
  fileprivate static func read(
    _ name: BytePath,
    _ root: BytePath,
    _ directory: borrowing Descriptor
  ) throws(AssetError) -> (bytes: [UInt8], modified: Int64)? {
    let bytes: [UInt8]
    let modified: Int64
    do throws(FileError) {
      let file = try Descriptor.open(name, in: directory.number, flags: FileFlags.read)
      bytes = try file.readAll(path: root.appending(name))
      modified = FileVersion(try file.status(of: name)).modifiedTotal
    } catch {
      guard error.code == ENOENT else { throw .unreadable(error) }
      return nil
    }
    // `ByteSlice` cannot address more. A manifest of 4 GiB would list millions of files.
    guard bytes.count < UInt32.max else { throw .tooLarge(root: root.description) }
    return (bytes, modified)
  }

  fileprivate static func malformed(
    _ name: BytePath,
    _ root: BytePath,
    _ error: JSONReader.Malformed
  ) -> AssetError {
    let path = root.appending(name).description
    guard let key = error.key else {
      return .malformedManifest(path: path, offset: error.offset)
    }
    return .unusableManifestValue(path: path, key: key, offset: error.offset)
  }
}

extension DjangoManifest {
  fileprivate static func read(
    _ root: BytePath,
    _ directory: borrowing Descriptor
  ) throws(AssetError) -> DjangoManifest {
    guard let read = try RootManifests.read(ManifestName.django, root, directory) else {
      return Self()
    }
    do throws(JSONReader.Malformed) {
      return try DjangoManifest(read.bytes)
    } catch {
      throw RootManifests.malformed(ManifestName.django, root, error)
    }
  }
}

extension CollectedManifest {
  fileprivate static func read(
    _ root: BytePath,
    _ directory: borrowing Descriptor
  ) throws(AssetError) -> CollectedManifest {
    guard
      case (let bytes, let modified)? = try RootManifests.read(
        ManifestName.collected,
        root,
        directory
      )
    else { return Self() }
    do throws(JSONReader.Malformed) {
      return try CollectedManifest(consume bytes, modified: modified)
    } catch {
      throw RootManifests.malformed(ManifestName.collected, root, error)
    }
  }
}
