/// A directory descriptor, open during the lifetime of this object; files are opened relative to
/// it.
final class MountedDirectory: Sendable {
  let descriptor: Descriptor

  init(_ descriptor: consuming Descriptor) {
    self.descriptor = descriptor
  }
}
