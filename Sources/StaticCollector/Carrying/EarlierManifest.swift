internal import StaticAssets

/// The manifest of a store: `staticd.json`, or else Django's `staticfiles.json`.
struct EarlierManifest: Sendable {
  /// A published file whose name depends on its content.
  struct File: Sendable {
    let name: BytePath
    /// The collected file that it was published from.
    let original: BytePath
    /// The label of the last release that it belongs to.
    let release: [UInt8]
    /// The recorded SHA-256; empty if only the digest in the name is known.
    let sha256: [UInt8]
  }

  /// The labels of the releases, newest first.
  let releases: [[UInt8]]
  let files: [File]
  /// The recorded SHA-256 of the files under their own names.
  let originals: [BytePath: [UInt8]]

  /// Reads the manifest of `store`.
  ///
  /// `staticd.json` covers every release that is kept. `staticfiles.json` covers the newest only,
  /// without digests of whole contents; it is the manifest of sites with Django or WhiteNoise.
  init(_ store: any ReleaseStore) throws(ReleaseStoreError) {
    if let bytes = try store.read(ManifestName.collected) {
      try self.init(collected: bytes)
    } else if let bytes = try store.read(ManifestName.django) {
      try self.init(django: bytes)
    } else {
      throw ReleaseStoreError(
        "there is neither staticd.json nor staticfiles.json; a site shows them with"
          + " --share-manifests"
      )
    }
  }

  private init(collected bytes: [UInt8]) throws(ReleaseStoreError) {
    guard !ManifestSeal.isSealed(bytes) || ManifestSeal.isWhole(bytes) else {
      throw ReleaseStoreError("its staticd.json was changed after it was written")
    }
    let manifest: CollectedManifestReader
    do throws(JSONReader.Malformed) {
      manifest = try CollectedManifestReader(bytes)
    } catch {
      throw ReleaseStoreError("its staticd.json is no manifest (byte \(error.offset))")
    }
    releases = manifest.releases
    var originals: [BytePath: [UInt8]] = [:]
    files = manifest.files.compactMap { file in
      guard PosixPath.isPlain(file.name.bytes), file.digests.sha256.count == 64 else { return nil }
      if file.name == file.original, !file.isHashed {
        originals[file.name] = file.digests.sha256
      }
      guard file.isHashed || file.isNamedByContent else { return nil }
      return File(
        name: file.name,
        original: file.original,
        release: file.release,
        sha256: file.digests.sha256
      )
    }
    self.originals = originals
  }

  private init(django bytes: [UInt8]) throws(ReleaseStoreError) {
    var paths: [(original: BytePath, name: BytePath)] = []
    var label: [UInt8] = []
    do throws(JSONReader.Malformed) {
      var reader = JSONReader(bytes)
      try reader.object { (reader, key) throws(JSONReader.Malformed) in
        switch String(decoding: key, as: UTF8.self) {
        case "paths":
          try reader.object { (reader, name) throws(JSONReader.Malformed) in
            paths.append((BytePath(name), BytePath(try reader.string())))
          }
        case "hash": label = try reader.string()
        default: try reader.skipValue()
        }
      }
      try reader.end()
    } catch {
      throw ReleaseStoreError("its staticfiles.json is no manifest (byte \(error.offset))")
    }
    // Manifests before Django 4.2 have no hash.
    if label.isEmpty { label = Array(ContentDigests.md5(bytes).prefix(12)) }
    releases = [label]
    files = paths.compactMap { original, name in
      // Without a digest in the name, the content cannot be verified.
      guard PosixPath.isPlain(name.bytes), name != original, Self.hasDigest(name) else {
        return nil
      }
      return File(name: name, original: original, release: label, sha256: [])
    }
    originals = [:]
  }

  /// Whether a part of the name between dots is a digest as Django writes it.
  private static func hasDigest(_ name: BytePath) -> Bool {
    name.lastComponent.bytes.split(separator: UInt8(ascii: ".")).contains { part in
      part.count == 12 && part.allSatisfy(\.isLowercaseHexDigit)
    }
  }
}
