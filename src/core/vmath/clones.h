/* SPDX-License-Identifier: MIT
 *
 * KD_CLONES before a function makes the compiler build it for AVX-512, AVX2 and plain
 * x86-64; the processor's best is picked when the program starts. Only for static
 * functions: clang up to 17 gives others a name that other files do not find. The
 * results have the same bits in all three where COMPILE of the Makefile forbids
 * contraction. Empty under
 * ThreadSanitizer, whose code would run before it is set up, and with -DKD_NO_CLONES.
 *
 * Code that is written for four doubles at once and for eight has KD_CLONES_OF_FOURS and
 * KD_CLONE_OF_EIGHTS before the two; KD_HAS_EIGHTS() says which to call.
 */
#ifndef KD_CLONES_H
#define KD_CLONES_H

#if defined(__SANITIZE_THREAD__) && !defined(KD_NO_CLONES)
#define KD_NO_CLONES
#elif defined(__has_feature) && !defined(KD_NO_CLONES)
#if __has_feature(thread_sanitizer)
#define KD_NO_CLONES
#endif
#endif

#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__has_attribute) &&               \
    !defined(KD_NO_CLONES)
#if __has_attribute(target_clones)
/* Features, not arch=x86-64-v3: clang 14 takes that name and picks wrongly by it. */
#define KD_CLONES          __attribute__((target_clones("default", "avx2", "avx512f")))
#define KD_CLONES_OF_FOURS __attribute__((target_clones("default", "avx2")))
#define KD_CLONE_OF_EIGHTS __attribute__((target("avx512f")))
#define KD_HAS_EIGHTS()    __builtin_cpu_supports("avx512f")
#endif
#endif

#ifndef KD_CLONES
#define KD_CLONES
#endif

#ifndef KD_HAS_EIGHTS
#define KD_CLONES_OF_FOURS KD_CLONES
#define KD_CLONE_OF_EIGHTS
#ifdef __AVX512F__
#define KD_HAS_EIGHTS() true
#else
#define KD_HAS_EIGHTS() false
#endif
#endif

#endif
