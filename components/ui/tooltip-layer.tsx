'use client';
import { useEffect, useId, useRef, useState } from 'react';

/**
 * One tooltip for the page: any element with `data-tip` gets it, on hover after a moment and on keyboard focus at once. It can be
 * hovered itself, leaves with Escape, and costs a table of 500 rows nothing.
 */
export function TooltipLayer() {
  const [shown, setShown] = useState<{ text: string; anchor: HTMLElement } | null>(null);
  const layer = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (action: () => void, ms: number) => {
      clearTimeout(timer);
      timer = setTimeout(action, ms);
    };
    const anchorOf = (target: EventTarget | null) =>
      target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null;
    const show = (anchor: HTMLElement) => {
      const text = anchor.dataset.tip;
      // It would lie over the menu that this button has opened.
      const isOpen = anchor.matches('[aria-haspopup][aria-expanded="true"]');
      if (text && !isOpen) setShown({ text, anchor });
    };
    const over = (event: PointerEvent) => {
      if (event.pointerType === 'touch') return;
      if (layer.current?.contains(event.target as Node)) return clearTimeout(timer);
      const anchor = anchorOf(event.target);
      if (anchor) later(() => show(anchor), 350);
      else later(() => setShown(null), 120);
    };
    const focus = (event: FocusEvent) => {
      const anchor = anchorOf(event.target);
      if (anchor === event.target && anchor?.matches(':focus-visible')) show(anchor);
    };
    const hide = () => {
      clearTimeout(timer);
      setShown(null);
    };
    const key = (event: KeyboardEvent) => event.key === 'Escape' && hide();
    document.addEventListener('pointerover', over);
    document.addEventListener('focusin', focus);
    document.addEventListener('focusout', hide);
    document.addEventListener('pointerdown', hide);
    document.addEventListener('keydown', key);
    document.addEventListener('scroll', hide, true);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointerover', over);
      document.removeEventListener('focusin', focus);
      document.removeEventListener('focusout', hide);
      document.removeEventListener('pointerdown', hide);
      document.removeEventListener('keydown', key);
      document.removeEventListener('scroll', hide, true);
    };
  }, []);

  useEffect(() => {
    const box = layer.current;
    if (!shown || !box) return;
    const at = shown.anchor.getBoundingClientRect();
    const { width, height } = box.getBoundingClientRect();
    const x = Math.max(8, Math.min(at.left + at.width / 2 - width / 2, window.innerWidth - width - 8));
    const y = at.bottom + 6 + height > window.innerHeight ? at.top - height - 6 : at.bottom + 6;
    box.style.setProperty('transform', `translate(${Math.round(x)}px, ${Math.round(y)}px)`);
    const named = shown.anchor.getAttribute('aria-label') === shown.text;
    const before = shown.anchor.getAttribute('aria-describedby');
    if (!named) shown.anchor.setAttribute('aria-describedby', [before, id].filter(Boolean).join(' '));
    return () => {
      if (named) return;
      if (before) shown.anchor.setAttribute('aria-describedby', before);
      else shown.anchor.removeAttribute('aria-describedby');
    };
  }, [shown, id]);

  if (!shown) return null;
  return (
    <div ref={layer} id={id} role="tooltip" className="tipl">
      {shown.text}
    </div>
  );
}
