#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Loading the bodies of planned variants.
extension FileTableBuilder {
  /// Reads the bodies that are kept in memory, and records the variants that could not be read.
  ///
  /// If there are more than `bodyReadsMax`, all are deferred to a later table.
  mutating func readBodies() {
    if plan.reads.count + deltaReadCount > bodyReadsMax {
      plan.deferBodies()
      contents.hasDeferredBodies = true
    }
    let failed = BodyReader.read(
      plan,
      records,
      of: names,
      in: directory,
      threadCountMax: threadCountMax,
      into: &contents.arena
    )
    failures = Dictionary(failed.map { ($0.variant, $0) }) { first, _ in first }
    bodyByteCount = plan.bodyByteCount
  }

  /// The body of the variant at index `number`; nil, with a warning, when it cannot be loaded.
  mutating func body(_ number: Int) -> BodySource? {
    let variant = plan.variants[number]
    switch variant.placement {
    case .memory(let slot):
      guard let failure = failures[number] else { return .memory(slot) }
      warn(failure.error, variant)
      return nil
    case .shared(let first):
      if case .memory(let slot) = plan.variants[first].placement, failures[first] == nil {
        return .memory(slot)
      }
      return loadOrWarn(variant) { (builder) throws(FileError) in
        try builder.readSeparately(variant)
      }
    case .disk:
      return loadOrWarn(variant) { (builder) throws(FileError) in try builder.addStoredFile(variant)
      }
    case .deferred: return addStoredFile(variant, -1, records[variant.record].version)
    }
  }

  /// The result of `load` for `variant`; nil, with a warning, when it fails.
  private mutating func loadOrWarn(
    _ variant: BodyPlan.Variant,
    _ load: (inout FileTableBuilder) throws(FileError) -> BodySource?
  ) -> BodySource? {
    do throws(FileError) {
      if let body = try load(&self) { return body }
      warn(nil, variant)
    } catch {
      warn(error, variant)
    }
    return nil
  }

  /// Adds a warning that `variant` is not served.
  ///
  /// - Parameters:
  ///   - error: nil when the file is not the version that was planned.
  ///   - variant: the variant that is left out.
  private mutating func warn(_ error: FileError?, _ variant: BodyPlan.Variant) {
    let record = records[variant.record]
    if let error {
      warn("\(self.error(error.operation, record.path, error.code)); not served")
    } else if record.version != nil {
      warn("'\(displayPath(record.path))' changed while it was read; not served")
    }
    // No version: the planned size was the manifest's, and the collector did not write this coding.
  }

  /// Reads a variant by itself, because the variant that shares its memory could not be read.
  private mutating func readSeparately(_ variant: BodyPlan.Variant) throws(FileError) -> BodySource?
  {
    let name = names[records[variant.record].path]
    let file = try Descriptor.open(name, in: directory, flags: FileFlags.read)
    let body = try contents.arena.append(fileAt: name, file, count: Int(variant.byteCount))
    guard let body, isPlanned(FileVersion(try file.status(of: name)), variant) else { return nil }
    return .memory(body)
  }

  /// A body that is sent from the disk; nil when the file is not the planned version.
  mutating func addStoredFile(_ variant: BodyPlan.Variant) throws(FileError) -> BodySource? {
    let name = names[records[variant.record].path]
    guard let (descriptor, version) = try openPlanned(name, variant) else { return nil }
    return addStoredFile(variant, descriptor, version)
  }

  private mutating func addStoredFile(
    _ variant: BodyPlan.Variant,
    _ descriptor: Int32,
    _ version: FileVersion?
  ) -> BodySource {
    let name = contents.arena.append(names.bytes[records[variant.record].path.range])
    _ = contents.arena.append(CollectionOfOne(0))
    contents.storedFiles.append(
      StoredFile(
        directory: directory,
        name: ByteSlice(offset: Int(name.offset), count: Int(name.count) + 1),
        descriptor: descriptor,
        byteCount: variant.byteCount,
        version: version
      )
    )
    let number = contents.storedFiles.count - 1
    return .file(number: number, offset: 0, byteCount: variant.byteCount)
  }

  /// Opens the file `name` and checks its version.
  ///
  /// - Returns: the descriptor, or -1 when `openFilesMax` files are open or no descriptor is free;
  ///   and the version. Nil when the version is not the planned one.
  private mutating func openPlanned(
    _ name: BytePath,
    _ variant: BodyPlan.Variant
  ) throws(FileError) -> (descriptor: Int32, version: FileVersion)? {
    do throws(FileError) {
      let file = try Descriptor.open(name, in: directory, flags: FileFlags.read)
      let version = FileVersion(try file.status(of: name))
      guard isPlanned(version, variant) else { return nil }
      guard openFileCount < options.openFilesMax else { return (-1, version) }
      openFileCount += 1
      return (file.release(), version)
    } catch {
      guard error.code == EMFILE || error.code == ENFILE else { throw error }
      let version = FileVersion(try FileStatus.of(name, in: directory))
      return isPlanned(version, variant) ? (-1, version) : nil
    }
  }

  /// Whether `version` is the version that was scanned for `variant`; true also when the scan did
  /// not call stat(2) for it and the sizes are equal.
  private func isPlanned(_ version: FileVersion, _ variant: BodyPlan.Variant) -> Bool {
    guard version.byteCount == variant.byteCount else { return false }
    return records[variant.record].version?.isSame(as: version) ?? true
  }
}
