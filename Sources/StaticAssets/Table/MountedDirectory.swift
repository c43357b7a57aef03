/// A directory, open as long as this object lives; files are opened relative to it.
final class MountedDirectory: Sendable {
  let descriptor: Descriptor

  init(_ descriptor: consuming Descriptor) {
    self.descriptor = descriptor
  }
}
