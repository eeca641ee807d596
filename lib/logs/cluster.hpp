// SPDX-License-Identifier: MIT
#pragma once

#include "logs/shape.hpp"

#include <vector>

namespace logs {

/// Merges shapes that differ in one word into one with a parameter there, which is added at the end
/// and into which they are `merged_into`. A word becomes a parameter when at least three different
/// ones stand there which are not all capitals (a level, GET and POST tell messages apart) and not
/// all verbs (started and stopped do), or when the shape with a parameter there is known already.
/// The first word never does: it says what kind of message it is. Three rounds, so that several
/// words of a message can. The idea of a position with many values is that of Logram (Dai et al.,
/// TSE 2020) and of IPLoM's third step (Makanju et al., KDD 2009), here on distinct shapes instead
/// of on lines.
void merge_similar(std::vector<Shape>& shapes);

} // namespace logs
