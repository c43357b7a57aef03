/// The names of the manifests in a collected root.
package enum ManifestName {
  /// Django's manifest: maps file names to published names.
  package static let django = BytePath("staticfiles.json")
  /// staticd's manifest: size, digest, media type and codings of every published file.
  package static let collected = BytePath("staticd.json")

  package static let all = [django, collected]
}
