internal import Glibc

/// Loading the bodies of planned variants.
extension FileTableBuilder {
  /// Reads the bodies that are kept in memory, and records the variants that could not be read.
  mutating func readBodies() {
    let failed = BodyReader.read(
      plan,
      records,
      of: names,
      in: directory,
      threadCountMax: threadCountMax,
      into: &contents.arena
    )
    failures = Dictionary(failed.map { ($0.form, $0) }) { first, _ in first }
    bodyByteCount = plan.bodyByteCount
  }

  /// The body of the variant at index `number`; nil, with a warning, when it cannot be loaded.
  mutating func body(_ number: Int) -> BodySource? {
    let form = plan.forms[number]
    switch form.place {
    case .memory(let slot):
      guard let failure = failures[number] else { return .memory(slot) }
      warn(failure.error, form)
      return nil
    case .shared(let first):
      if case .memory(let slot) = plan.forms[first].place, failures[first] == nil {
        return .memory(slot)
      }
      return tried(form) { (builder) throws(FileError) in try builder.readAlone(form) }
    case .disk:
      return tried(form) { (builder) throws(FileError) in try builder.keepOnDisk(form) }
    }
  }

  /// The result of `load` for `variant`; nil, with a warning, when it fails.
  private mutating func tried(
    _ form: BodyPlan.Form,
    _ load: (inout FileTableBuilder) throws(FileError) -> BodySource?
  ) -> BodySource? {
    do throws(FileError) {
      if let body = try load(&self) { return body }
      warn(nil, form)
    } catch {
      warn(error, form)
    }
    return nil
  }

  /// Adds a warning that `variant` is not served.
  ///
  /// - Parameters:
  ///   - error: nil when the file is not the version that was planned.
  ///   - variant: the variant that is left out.
  private mutating func warn(_ error: FileError?, _ form: BodyPlan.Form) {
    let record = records[form.record]
    if let error {
      warn("\(self.error(error.operation, record.path, error.code)); not served")
    } else if record.version != nil {
      warn("'\(shown(record.path))' changed while it was read; not served")
    }
    // No version: the planned size was the manifest's, and the collector did not write this coding.
  }

  /// Reads a variant by itself, because the variant whose memory it was to share could not be read.
  private mutating func readAlone(_ form: BodyPlan.Form) throws(FileError) -> BodySource? {
    let name = names[records[form.record].path]
    let file = try Descriptor.open(name, in: directory, flags: FileFlags.read)
    let body = try contents.arena.append(fileAt: name, file, count: Int(form.byteCount))
    guard let body, isPlanned(FileVersion(try file.status(of: name)), form) else { return nil }
    return .memory(body)
  }

  private mutating func keepOnDisk(_ form: BodyPlan.Form) throws(FileError) -> BodySource? {
    let name = names[records[form.record].path]
    guard let (descriptor, version) = try keepOpen(name, form) else { return nil }
    contents.storedFiles.append(
      StoredFile(
        directory: directory,
        name: contents.arena.append(name.bytes + [0]),
        descriptor: descriptor,
        version: version
      )
    )
    let number = contents.storedFiles.count - 1
    return .file(number: number, offset: 0, byteCount: form.byteCount)
  }

  /// Opens the file `name` and checks its version.
  ///
  /// - Returns: the descriptor, or -1 when `openFilesMax` files are open or no descriptor is free;
  ///   and the version. Nil when the version is not the planned one.
  private mutating func keepOpen(
    _ name: FilePath,
    _ form: BodyPlan.Form
  ) throws(FileError) -> (descriptor: Int32, version: FileVersion)? {
    do throws(FileError) {
      let file = try Descriptor.open(name, in: directory, flags: FileFlags.read)
      let version = FileVersion(try file.status(of: name))
      guard isPlanned(version, form) else { return nil }
      guard openFileCount < options.openFilesMax else { return (-1, version) }
      openFileCount += 1
      return (file.release(), version)
    } catch {
      guard error.code == EMFILE || error.code == ENFILE else { throw error }
      let version = FileVersion(try FileStatus.of(name, in: directory))
      return isPlanned(version, form) ? (-1, version) : nil
    }
  }

  /// Whether `version` is the version that was scanned for `variant`; true also when the scan did
  /// not ask for the version and the sizes are equal.
  private func isPlanned(_ version: FileVersion, _ form: BodyPlan.Form) -> Bool {
    guard version.byteCount == form.byteCount else { return false }
    return records[form.record].version?.isSame(as: version) ?? true
  }
}
